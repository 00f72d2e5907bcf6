/*
 * A script that was written for Bridge: it enrolls learners, reads who is in the program page by page, moves due dates and
 * removes a learner. Only the base URL and the token are the hub's.
 */

export interface ProgramEnrollment {
  /** The learner's. */
  id: number;
  name: string;
  state: 'active' | 'complete';
  /** What changes and removals name. */
  enrollment_id: number;
  end_at: string | null;
  expires_at: string | null;
}

interface Page {
  meta: { next?: string };
  enrollments: ProgramEnrollment[];
}

type Dates = Partial<Pick<ProgramEnrollment, 'end_at' | 'expires_at'>>;

export class BridgeClient {
  constructor(
    private readonly baseUrl: string,
    /** `Bearer …`, or Basic with a key and its secret. */
    private readonly authorization: string,
  ) {}

  /** All enrollments of a program, as its pages come. */
  async *learners(programId: number, query: Record<string, string> = {}): AsyncGenerator<ProgramEnrollment> {
    let url: string | undefined = `${this.path(programId)}?${new URLSearchParams(query).toString()}`;
    while (url !== undefined) {
      const page = (await (await this.send('GET', url)).json()) as Page;
      yield* page.enrollments;
      url = page.meta.next;
    }
  }

  async enroll(
    programId: number,
    enrollments: ({ user_id: number } | { uid: string } | { email: string })[],
  ): Promise<void> {
    await this.send('POST', this.path(programId), { enrollments });
  }

  async changeDates(programId: number, enrollmentId: number, dates: Dates): Promise<ProgramEnrollment> {
    const answer = await this.send('PATCH', `${this.path(programId)}/${enrollmentId}`, { enrollments: [dates] });
    return ((await answer.json()) as Page).enrollments[0]!;
  }

  async remove(programId: number, enrollmentId: number): Promise<void> {
    await this.send('DELETE', `${this.path(programId)}/${enrollmentId}`);
  }

  private path(programId: number): string {
    return `${this.baseUrl}/api/author/programs/${programId}/learners`;
  }

  private async send(method: string, url: string, body?: unknown): Promise<Response> {
    const answer = await fetch(url, {
      method,
      headers: {
        Authorization: this.authorization,
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.ok) return answer;
    const { errors } = (await answer.json()) as { errors: { code: string; title: string; detail: string }[] };
    throw new Error(errors.map(({ code, detail }) => `${code}: ${detail}`).join('\n'));
  }
}
