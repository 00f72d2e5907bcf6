import { descriptorLimits } from './descriptor-limits';
import { shorten } from './descriptor-text';

/** What was lenient to read, for the course author: the first hundred, then a count. */
export class ParserWarnings {
  private readonly messages: string[] = [];
  private dropped = 0;

  add(message: string): void {
    if (this.messages.length < descriptorLimits.warnings)
      this.messages.push(shorten(message, descriptorLimits.warning));
    else this.dropped += 1;
  }

  toList(): string[] {
    return this.dropped === 0 ? [...this.messages] : [...this.messages, `${this.dropped} more warnings are not shown.`];
  }
}

/** Names the first five: `a, b, c, d, e and 7 more`. */
export function nameFew(names: Iterable<string>): string {
  const all = [...names].map((name) => shorten(name, 100));
  const rest = all.length - 5;
  return rest > 0 ? `${all.slice(0, 5).join(', ')} and ${rest} more` : all.join(', ');
}
