/** A command that cannot be carried out as it was said; the message tells the person why. */
export class Misunderstood extends Error {}

/** A command that who gave it may not give. */
export class NotAllowed extends Misunderstood {}
