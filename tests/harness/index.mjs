// The test harness, all of it. README.md tells the story; each file says what it offers.

export {measured, until, within} from './until.mjs';
export {BUILD, TREE, discard, freePort, run, scratch, start, unprivileged} from './process.mjs';
export {Cluster, serverPrograms, startCluster} from './cluster.mjs';
export {ASSETCTL, ASSETD, Daemon, prepareDaemon} from './daemon.mjs';
export {client, request} from './http.mjs';
export {ok, problem} from './replies.mjs';
export {MATTERS} from './decision.mjs';
export {fillForecast, openForecast} from './forecast.mjs';
export {exchange, split} from './raw.mjs';
export {startSink, verify} from './sink.mjs';
export {startHooks} from './hooks.mjs';
export {startMail} from './mail.mjs';
export {EICAR, VIRUS, startClamd} from './clamd.mjs';
export {startProxy} from './pgproxy.mjs';
export {startNginx} from './nginx.mjs';
export {startMigratedCluster, startRegister} from './register.mjs';
export {COUNTED, prepared, timesSent} from './statements.mjs';
export {assertSound} from './invariants.mjs';
export {keyText, makeKey} from './keys.mjs';
export {openSession} from './session.mjs';
export {multiply, readSlowly} from './slow.mjs';
export {codeOf} from './totp.mjs';
export {formsOf, sendForm} from './forms.mjs';
