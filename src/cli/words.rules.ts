/** A list as people type it, separated by commas or spaces. */
export const words = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);
