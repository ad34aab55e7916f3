/** A command that cannot be carried out as it was said; the message tells the person why. */
export class Misunderstood extends Error {}
