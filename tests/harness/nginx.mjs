// Debian's nginx with conf/nginx.conf as it stands: only its ports, its certificate and the
// daemon's address are put in place, line by line, and a line that is no longer there fails.

import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {TREE, discard, freePort, run, scratch, start} from './process.mjs';
import {certificates} from './certificates.mjs';
import {until} from './until.mjs';

const PROGRAM = '/usr/sbin/nginx';

/* Replace every occurrence of a whole line (blanks aside); it must be there. */
function place(text, from, to) {
	const lines = text.split('\n');
	const at = lines.flatMap((line, i) => line.trim().replace(/\s*#.*$/, '') === from ? [i] : []);
	if (!at.length)
		throw new Error(`conf/nginx.conf has no line "${from}"`);
	at.forEach(i => { lines[i] = to; });
	return lines.join('\n');
}

/**
 * upstream:  the daemon's port on 127.0.0.1.
 * tls:       false to speak plain HTTP on the site's port, so that raw bytes can be sent to it.
 * edit:      a last change to the site's text, for tests of what a setting is good for.
 * → {port, redirectPort, url, ca, folder, log(), stop()}
 */
export async function startNginx({upstream, tls = false, edit = text => text}) {
	const folder = scratch();
	const port = await freePort();
	const redirectPort = await freePort();
	const made = await certificates();
	let site = fs.readFileSync(path.join(TREE, 'conf/nginx.conf'), 'utf8');
	site = place(site, 'server 127.0.0.1:8080;', `server 127.0.0.1:${upstream};`);
	site = place(site, 'listen 80;', `listen 127.0.0.1:${redirectPort};`);
	site = place(site, 'listen [::]:80;', '');
	site = place(site, 'listen 443 ssl http2;', `listen 127.0.0.1:${port}${tls ? ' ssl http2' : ''};`);
	site = place(site, 'listen [::]:443 ssl http2;', '');
	site = place(site, 'access_log /var/log/nginx/assetd.access.log assetd;', `access_log ${folder}/site.log assetd;`);
	site = place(site, 'server_name register.example.scot;', 'server_name 127.0.0.1;');
	site = place(site, 'ssl_certificate /etc/assetd/tls/fullchain.pem;', `ssl_certificate ${made.certFile};`);
	site = place(site, 'ssl_certificate_key /etc/assetd/tls/privkey.pem;', `ssl_certificate_key ${made.keyFile};`);
	fs.writeFileSync(path.join(folder, 'site.conf'), edit(site));
	fs.writeFileSync(path.join(folder, 'nginx.conf'), `
		daemon off;
		master_process off;
		pid ${folder}/pid;
		error_log stderr notice;
		events { worker_connections 2048; }
		http {
			access_log ${folder}/access.log;
			${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(t => `${t}_temp_path ${folder}/${t};`).join('\n')}
			include ${folder}/site.conf;
		}\n`);
	const args = ['-p', folder, '-e', 'stderr', '-c', path.join(folder, 'nginx.conf')];
	const logFile = path.join(folder, 'nginx.log');
	await run(PROGRAM, ['-t', ...args]);
	const child = start(PROGRAM, args, {label: 'nginx', logFile});
	const log = () => fs.readFileSync(logFile, 'utf8');
	await until(() => {
		if (!child.isRunning)
			return true;
		return new Promise((resolve, reject) => {
			const probe = net.connect(port, '127.0.0.1', () => { probe.destroy(); resolve(true); });
			probe.once('error', reject);
		});
	}, {what: 'nginx to listen'});
	if (!child.isRunning)
		throw new Error(`nginx did not start:\n${log()}`);
	return {
		port, redirectPort, folder, log,
		url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
		ca: made.caFile,
		async stop() {
			await child.stop('SIGTERM', 10_000);
			discard(folder);
			discard(made.folder);
		},
	};
}
