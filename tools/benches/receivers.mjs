// Receivers of webhooks that cost little: Debian's nginx, which answers 200 and notes when it did, whom it was for and
// under which id. Until told that all have proven themselves it passes what it gets to a receiver that echoes.
import fs from 'node:fs';
import path from 'node:path';
import {certificates} from '../../tests/harness/certificates.mjs';

const {discard, freePort, scratch, start, startSink, until} = await import('../../tests/harness/index.mjs');

const CONNECTIONS = 8192, NEWLINE = 10;

/* The bytes of a file behind a place. */
function behind(file, place) {
	const fd = fs.openSync(file);
	try {
		const bytes = Buffer.alloc(fs.fstatSync(fd).size - place);
		return bytes.subarray(0, fs.readSync(fd, bytes, 0, bytes.length, place));
	} finally {
		fs.closeSync(fd);
	}
}

const server = (port, secure, folder, sink) => `server {
		listen 127.0.0.1:${port}${secure ? ' ssl' : ''} backlog=4096;
		${secure ? `ssl_certificate ${secure.certFile}; ssl_certificate_key ${secure.keyFile};` : ''}
		location / {
			if (-f ${folder}/proven) { return 200; }
			proxy_pass http://127.0.0.1:${sink};
		}
	}`;

/**
 * → {plain, tls: addresses, to which any path may be added; ca: the file that vouches for the second; prove(): from now on
 * all is taken at once; mark(): now; count(mark), seen(mark): how much, and what, came since then: {at (ms of the wall clock),
 * path, id}; stop()}
 */
export async function startReceivers() {
	const folder = scratch(), log = path.join(folder, 'seen'), made = await certificates(), sink = await startSink();
	const [plain, tls] = [await freePort(), await freePort()];
	const since = mark => behind(log, mark);
	fs.writeFileSync(path.join(folder, 'nginx.conf'), `daemon off; master_process off; pid ${folder}/pid; error_log stderr error;
		worker_rlimit_nofile ${2 * CONNECTIONS};
		events { worker_connections ${CONNECTIONS}; }
		http {
			log_format seen '$msec $uri $http_webhook_id';
			access_log ${log} seen;
			${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(t => `${t}_temp_path ${folder}/${t};`).join('\n')}
			keepalive_requests 1000000000;
			${server(plain, undefined, folder, sink.port)}
			${server(tls, made, folder, sink.port)}
		}\n`);
	const child = start('/usr/sbin/nginx', ['-p', folder, '-e', 'stderr', '-c', path.join(folder, 'nginx.conf')], {label: 'nginx', logFile: path.join(folder, 'said')});
	await until(() => {
		if (!child.isRunning)
			throw new Error(fs.readFileSync(path.join(folder, 'said'), 'utf8'));
		return fs.existsSync(path.join(folder, 'pid'));
	}, {what: 'nginx to begin'});
	return {
		plain: `http://127.0.0.1:${plain}`, tls: `https://127.0.0.1:${tls}`, ca: made.caFile,
		prove: () => fs.writeFileSync(path.join(folder, 'proven'), ''),
		mark: () => fs.statSync(log).size,
		count: mark => since(mark).reduce((sum, byte) => sum + (byte === NEWLINE), 0),
		seen: mark => since(mark).toString().split('\n').slice(0, -1).map(line => {
			const [at, to, id] = line.split(' ');
			return {at: Number(at) * 1000, path: to, id};
		}),
		async stop() {
			await child.stop('SIGTERM', 10_000);
			await sink.stop();
			discard(folder);
			discard(made.folder);
		},
	};
}
