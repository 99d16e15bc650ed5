import { BlockList, isIP } from 'node:net';

/** Reads who is at the other end of a connection, where a proxy may stand in between. */
export class ClientAddresses {
  readonly #proxies = new BlockList();

  /** @param proxies addresses, or nets such as `10.0.0.0/8`, whose word about their clients counts */
  constructor(proxies: readonly string[]) {
    for (const proxy of proxies) {
      const [address = '', bits] = proxy.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (bits === undefined) this.#proxies.addAddress(address, family);
      else this.#proxies.addSubnet(address, Number(bits), family);
    }
  }

  isProxy(address: string): boolean {
    const plain = withoutMapping(address);
    const family = isIP(plain);
    return family !== 0 && this.#proxies.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  }

  /**
   * What to count a client's requests by: its IPv4 address, or its IPv6 network of 64 bits, in which anybody
   * has as many addresses as they like. Proxies append whom they heard to `X-Forwarded-For`, so the last entry
   * that is no proxy itself is the nearest that can be believed.
   */
  of(peerAddress: string | undefined, forwardedFor: string | readonly string[] | undefined): string {
    const told = [forwardedFor ?? []].flat().join(',').split(',').toReversed();
    let nearest = withoutMapping(peerAddress ?? '');
    for (const entry of told) {
      if (!this.isProxy(nearest)) break;
      const address = withoutMapping(entry.trim());
      if (isIP(address) === 0) break;
      nearest = address;
    }
    return isIP(nearest) === 6 ? networkOf(nearest) : nearest;
  }
}

/** Whether a text is an address or a net that `ClientAddresses` can take. */
export function isAddressOrNet(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32));
}

function withoutMapping(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}

function networkOf(address: string): string {
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array.from({ length: gap }, () => '0'), ...back];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
