// What the page that verifies cards keeps for when there is no network: one cache, used by the page and by its worker.

/** Name of the cache; another one when what is kept changes its form. */
export const KEPT = "cards-2";

/** Puts an answer in the place of whatever was kept for an address, however that was asked for. */
export async function replace(kept: Cache, address: string, answer: Response): Promise<void> {
  await kept.delete(address, { ignoreVary: true });
  await kept.put(address, answer);
}
