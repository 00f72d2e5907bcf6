/** An address with a query added, before its fragment. */
export function addQuery(address: string, query: string): string {
  if (query === '') return address;
  const [, path = '', fragment = ''] = /^([^#]*)(#.*)?$/s.exec(address) ?? [];
  return `${path}${path.includes('?') ? '&' : '?'}${query}${fragment}`;
}
