import { expect, test } from 'vitest';
import { ClientAddresses, isAddressOrNet } from './client-addresses.ts';

const addresses = new ClientAddresses(['127.0.0.0/8', '::1', '10.0.0.5']);

test.each<[string, string | undefined, string | undefined, string]>([
  ['a client that comes by itself', '203.0.113.9', undefined, '203.0.113.9'],
  ['a client that claims to be another', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['a client behind a tunnel', '127.0.0.1', '203.0.113.9', '203.0.113.9'],
  [
    'a client behind a tunnel that claims to be another',
    '127.0.0.1',
    '198.51.100.1, 203.0.113.9',
    '203.0.113.9',
  ],
  ['a client behind two proxies', '::1', '203.0.113.9, 10.0.0.5', '203.0.113.9'],
  ['a program on this machine', '127.0.0.1', undefined, '127.0.0.1'],
  ['an IPv4 client of an IPv6 socket', '::ffff:203.0.113.9', undefined, '203.0.113.9'],
  ['a proxy that passes on rubbish', '127.0.0.1', '203.0.113.9, <script>', '127.0.0.1'],
  ['an IPv6 client, by its network', '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
  ['an IPv6 client in short', '2001:db8::6', undefined, '2001:db8:0:0::/64'],
  ['a socket that is gone', undefined, undefined, ''],
])('%s is counted as itself', (_name, peer, forwardedFor, counted) => {
  expect(addresses.of(peer, forwardedFor)).toBe(counted);
});

test.each([
  ['10.0.0.5', true],
  ['192.168.0.0/16', true],
  ['2001:db8::/32', true],
  ['10.0.0.0/33', false],
  ['10.0.0.0/8/8', false],
  ['proxy.lan', false],
  ['', false],
])('whether %j is an address or a net: %s', (text, is) => {
  expect(isAddressOrNet(text)).toBe(is);
});
