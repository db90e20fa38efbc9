// Level-triggered waiting: asks until it holds, up to a limit.

/** Resolves with the first truthy answer of `look`; rejects after `limit` milliseconds, saying what never came to hold. */
export async function until(what, limit, look) {
  const end = Date.now() + limit;
  for (;;) {
    const answer = await look();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${limit / 1000} s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
