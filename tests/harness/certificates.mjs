// A certificate authority for one test, and a server certificate of it for 127.0.0.1 and localhost.

import fs from 'node:fs';
import path from 'node:path';
import {run, scratch} from './process.mjs';

/** → {folder, caFile, certFile, keyFile, cert, key}; discard(folder) when done. */
export async function certificates() {
	const folder = scratch();
	const file = name => path.join(folder, name);
	const openssl = (...args) => run('openssl', args);
	const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
	await openssl('req', '-x509', ...ec, '-keyout', file('ca.key'), '-out', file('ca.pem'), '-days', '2',
		'-subj', '/CN=Test authority', '-addext', 'basicConstraints=critical,CA:TRUE');
	await openssl('req', ...ec, '-keyout', file('server.key'), '-out', file('server.csr'), '-subj', '/CN=127.0.0.1');
	fs.writeFileSync(file('names'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
	await openssl('x509', '-req', '-in', file('server.csr'), '-CA', file('ca.pem'), '-CAkey', file('ca.key'),
		'-CAcreateserial', '-days', '2', '-extfile', file('names'), '-out', file('server.pem'));
	return {
		folder, caFile: file('ca.pem'), certFile: file('server.pem'), keyFile: file('server.key'),
		cert: fs.readFileSync(file('server.pem')), key: fs.readFileSync(file('server.key')),
	};
}
