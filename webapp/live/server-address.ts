/** Origin of the server, without a trailing slash; empty when it is the one that served this page. */
export const serverOrigin: string = (
  process.env.NEXT_PUBLIC_SERVER_URL ??
  (process.env.NODE_ENV === 'development' ? 'http://localhost:8081' : '')
).replace(/\/+$/, '');

/** Address of a live socket on the server. @param path with its query, e.g. `/logs?after=7` */
export function socketAddress(path: string): string {
  const address = new URL(path, serverOrigin === '' ? window.location.origin : serverOrigin);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address.href;
}
