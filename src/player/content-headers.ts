/*
 * Content is code of somebody else's, and runs in the learner's browser. What keeps it in is its origin, which has nothing but
 * courses, and the session's token in the path; these headers close what is left.
 */

const always = {
  'X-Content-Type-Options': 'nosniff',
  // The path holds the session's token. The origin alone goes out: embedded players (YouTube) play for no unknown page.
  'Referrer-Policy': 'strict-origin',
  'Permissions-Policy':
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), ' +
    'magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Robots-Tag': 'noindex, nofollow',
} as const;

/**
 * Of course files. Inline scripts and `eval` are normal in courses, and many take fonts and scripts from elsewhere; whoever
 * launches the course may put it into a frame.
 */
export const contentHeaders: Readonly<Record<string, string>> = {
  ...always,
  'Content-Security-Policy':
    "default-src * data: blob: 'unsafe-inline' 'unsafe-eval'; form-action * ; frame-ancestors *; base-uri *",
};

/** Of the player's own pages: nothing but our scripts. `styles` and `scripts` are addresses that the course's settings name. */
export const pageHeaders = (
  styles: readonly string[] = [],
  scripts: readonly string[] = [],
): Record<string, string> => ({
  ...always,
  'Content-Security-Policy':
    `default-src 'none'; script-src 'self' ${originsOf(scripts)}; style-src 'self' 'unsafe-inline' ${originsOf(styles)}; ` +
    "img-src * data:; media-src *; font-src * data:; connect-src 'self'; frame-src *; form-action 'none'; base-uri 'none'; " +
    'frame-ancestors *',
  'Cache-Control': 'no-store',
});

const originsOf = (urls: readonly string[]): string => urls.map((url) => new URL(url).origin).join(' ');
