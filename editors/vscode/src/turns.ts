// Starts and stops of the server come one after the other: a client that is starting cannot be stopped.

export class Turns {
  private last: Promise<void> = Promise.resolve();
  private newest = 0;

  /** Does some work once what was asked for before is done, or leaves it where newer work waits by then. */
  take(work: () => Promise<void>): Promise<void> {
    const mine = ++this.newest;
    const turn = this.last.then(() => (mine === this.newest ? work() : undefined));
    // What fails is told to who asked for it, and the next has its turn.
    this.last = turn.catch(() => undefined);
    return turn;
  }
}
