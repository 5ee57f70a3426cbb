/** Tells addresses of the public internet from those inside: of this machine, of its network, of its cloud. */
import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

const INSIDE_4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];
/** Only 2000::/3 is given out; of that, these lead inside or carry an IPv4 address that might. */
const INSIDE_6 = ['2001::/23', '2001:db8::/32', '2002::/16'];

const inside = new BlockList();
for (const net of INSIDE_4) add(net, 'ipv4');
for (const net of INSIDE_6) add(net, 'ipv6');
const givenOut = new BlockList();
givenOut.addSubnet('2000::', 3, 'ipv6');

function add(net: string, family: 'ipv4' | 'ipv6'): void {
  const [address = '', prefix] = net.split('/');
  inside.addSubnet(address, Number(prefix), family);
}

/**
 * Where clouds hand the machine's own credentials to whoever asks from within it. No model is served there. Node looks
 * at it for connections without TLS only, and these services speak no TLS.
 */
export const metadataAddresses = new BlockList();
metadataAddresses.addSubnet('169.254.0.0', 16, 'ipv4');
metadataAddresses.addSubnet('fe80::', 10, 'ipv6');
metadataAddresses.addAddress('fd00:ec2::254', 'ipv6');

/** Whether the address, as a resolver gives it, is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !inside.check(address, 'ipv4');
  return family === 6 && givenOut.check(address, 'ipv6') && !inside.check(address, 'ipv6');
}

const INSIDE_NAME = /(^|\.)(localhost|internal|local)\.?$/;

/** Whether a host, as URLs have it, is inside by what it says of itself; most names do not say. */
export function isInsideHost(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  return isIP(address) === 0 ? INSIDE_NAME.test(hostname) : !isPublicAddress(address);
}

/** Resolves a name for one connection, which goes to the very address that was looked at; a name that leads inside fails. */
export const lookUpPublic: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    const wrong = addresses?.find(({ address }) => !isPublicAddress(address));
    const refusal = wrong ? new Error(`${hostname} leads to ${wrong.address}`) : error;
    const [first] = addresses ?? [];
    if (refusal || !first) callback(refusal ?? new Error(`${hostname} has no address`), '', 0);
    else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};
