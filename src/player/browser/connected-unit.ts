import type { Surroundings } from './course';
import type { SeedActivity, UnitPlace } from './player-seed';
import { returnedMessage } from './returned-message';

/** How often the page asks how the learner stands while content reports to the server itself, in ms. */
const askEvery = 3000;

/** A unit whose content reports to the server itself: the page asks where to show it, and what has become of it. */
export class ConnectedUnit {
  private over = false;
  private hasEnded = false;
  private asking: number | undefined;

  constructor(
    private readonly activity: SeedActivity,
    private readonly around: Surroundings,
    /** Content has ended, and the server knows what came of it; how: as `cmi.core.exit` says it. */
    private readonly ended: (exit: string) => void,
  ) {}

  async open(): Promise<void> {
    const { stage } = this.around;
    stage.say('The course is being opened.');
    const place = await this.askForPlace();
    if (this.over) return;
    if (!place) {
      stage.say('This part cannot be opened at the moment.', [['Try again', () => void this.open()]]);
      return;
    }
    stage.showAddress(place.address, this.activity.title, place.ownWindow);
    window.addEventListener('message', this.hear);
    this.asking = window.setInterval(() => void this.ask(), askEvery);
  }

  /** The learner goes elsewhere, or content's window was closed. */
  close(): void {
    this.over = true;
    window.clearInterval(this.asking);
    window.removeEventListener('message', this.hear);
  }

  private async askForPlace(): Promise<UnitPlace | undefined> {
    try {
      const response = await fetch('open', { method: 'POST', body: JSON.stringify({ activity: this.activity.id }) });
      return response.ok ? ((await response.json()) as UnitPlace) : undefined;
    } catch {
      return undefined; // No network: the learner is told.
    }
  }

  private async ask(): Promise<void> {
    const answer = await this.around.communication.alive();
    if (answer?.unitEnded !== undefined) this.goOn(answer.unitEnded);
  }

  private readonly hear = (event: MessageEvent): void => {
    if (event.origin !== location.origin || event.data !== returnedMessage || this.over) return;
    // What came of it is asked for first: it decides what comes next.
    void this.around.communication.alive().then(() => this.goOn(''));
  };

  private goOn(exit: string): void {
    if (this.over || this.hasEnded) return;
    this.hasEnded = true;
    this.ended(exit);
  }
}
