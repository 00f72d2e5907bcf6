/** What global-setup.ts found or started, by its variable. */
export function setting(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(process.env[`${name}_MISSING`] ?? `${name} is not set: run the tests through Jest's global set-up.`);
}
