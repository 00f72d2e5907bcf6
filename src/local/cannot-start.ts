/** Something that whoever ran the command can put right. Shown without a stack: the message says what to do. */
export class CannotStart extends Error {
  override name = 'CannotStart';
}
