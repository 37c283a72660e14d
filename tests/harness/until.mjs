// Waiting in tests: poll something that can be observed, with a deadline. A test that sleeps a
// fixed time is either slow or wrong; nothing in tests/ may call setTimeout to "let it settle".

import {setTimeout as pause} from 'node:timers/promises';

/**
 * Call fn again and again until it returns something truthy, and return that.
 *
 * fn:           may be async; what it throws counts as "not yet" and is told at the deadline.
 * deadline_ms:  only a bound against hanging for ever, so that a machine of which others take most is not told to have
 *               failed: what takes ten seconds there is right. Three of them fit into the 300 s of a test file. Give another
 *               only where the number says something, such as what is believed for five seconds, or how soon a retry would come.
 * every_ms:     first pause; doubles up to 100 ms.
 * what:         the end of the sentence "gave up waiting for …", or a function that then says it.
 */
export async function until(fn, {deadline_ms = 90_000, every_ms = 5, what = fn.toString()} = {}) {
	const end = performance.now() + deadline_ms;
	let last;
	for (let step = every_ms;; step = Math.min(step * 2, 100)) {
		try {
			last = await fn();
			if (last)
				return last;
		} catch (error) {
			last = error;
		}
		if (performance.now() + step > end)
			throw new Error(`gave up after ${deadline_ms} ms waiting for ${typeof what === 'function' ? what() : what}`, {cause: last});
		await pause(step);
	}
}

/**
 * Measure up to `times` times, until it holds: a machine that has other things to do may tip one
 * measurement, a fault tips each. fn(round) throws when what it measured is not as it must be.
 */
export async function measured(fn, times = 3) {
	for (let round = 1;; round++) {
		try {
			return await fn(round);
		} catch (error) {
			if (round === times)
				throw error;
			console.log(`# measured again: ${error.message}`);
		}
	}
}

/** The promise's value, or an error that says what did not happen in time. */
export async function within(promise, deadline_ms, what) {
	let timer;
	const late = new Promise((_, reject) => {
		timer = setTimeout(() => reject(new Error(`${what}: not within ${deadline_ms} ms`)), deadline_ms);
	});
	try {
		return await Promise.race([promise, late]);
	} finally {
		clearTimeout(timer);
	}
}
