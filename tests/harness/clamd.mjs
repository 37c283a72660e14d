// ClamAV's clamd, the real one of the Debian package, with a signature file of our own: nothing is
// fetched, and it is there in less than a second.

import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {discard, scratch, start, unprivileged} from './process.mjs';
import {until} from './until.mjs';

/** The test file that every scanner knows (eicar.org); a test has it in no file of its own. */
export const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE', '!$H+H*'].join('');

/** A word that is a virus for this clamd alone, anywhere in a file. */
export const VIRUS = 'assetd own signature';

const hex = text => Buffer.from(text, 'latin1').toString('hex');

/**
 * options: lines for clamd.conf, such as {StreamMaxLength: '1M'}.
 * → {socket (path), folder, pid, begin(), end(signal), signal(name), stop()}; begin() and end() start and end it
 * again at the same place.
 */
export async function startClamd(options = {}) {
	const user = unprivileged(), folder = scratch(user), socket = path.join(folder, 'clamd');
	fs.mkdirSync(path.join(folder, 'db'));
	fs.writeFileSync(path.join(folder, 'db/own.ndb'), `Assetd.Test:0:*:${hex(VIRUS)}\nEicar.Test:0:0:${hex(EICAR)}\n`);
	const settings = {LocalSocket: socket, DatabaseDirectory: path.join(folder, 'db'), Foreground: 'yes', MaxThreads: 4, SelfCheck: 0, TemporaryDirectory: folder, ...options};
	fs.writeFileSync(path.join(folder, 'conf'), Object.entries(settings).map(([name, value]) => `${name} ${value}\n`).join(''));
	const clamd = {
		socket, folder,
		async begin() {
			clamd.child = start('clamd', ['-c', path.join(folder, 'conf')], {label: 'clamd', logFile: path.join(folder, 'log'), ...user});
			await until(() => new Promise(resolve => {
				const probe = net.connect(socket, () => probe.end(() => resolve(true)));
				probe.on('error', () => resolve(false));
			}), {what: 'clamd'});
		},
		signal: name => clamd.child.signal(name),
		end: (name = 'SIGKILL') => clamd.child.stop(name),
		async stop() {
			if (clamd.child.isRunning)
				await clamd.end();
			discard(folder);
		},
	};
	await clamd.begin();
	return clamd;
}
