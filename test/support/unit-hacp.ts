/** What AICC content was told by its address, and the door that it finds there. */
export interface AiccUnit {
  /** Of the launch; ends in a slash. */
  session: string;
  address: URL;
  url: string;
  sid: string;
  /** Sends a form's fields as they are given. */
  post: (fields: Record<string, string>) => Promise<Response>;
  /** Asks as content does, `lines` being its data; throws unless that is answered with `error`. */
  say: (command: string, lines?: readonly string[], error?: number) => Promise<HacpReply>;
}

export interface HacpReply {
  error: number;
  data: string;
  /** Of a keyword in the data. */
  value: (keyword: string) => string | undefined;
}

export const unitId = 'A001';

export async function openAiccUnitOf(session: string, activity = unitId): Promise<AiccUnit> {
  const answer = await fetch(`${session}open`, { method: 'POST', body: JSON.stringify({ activity }) });
  if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
  const address = new URL(((await answer.json()) as { address: string }).address);
  const [url, sid] = [address.searchParams.get('aicc_url')!, address.searchParams.get('aicc_sid')!];
  const post: AiccUnit['post'] = (fields) => fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
  const say: AiccUnit['say'] = async (command, lines = [], error = 0) => {
    const data = lines.join('\r\n');
    const response = await post({ command, version: '4.0', session_id: sid, AU_password: '', aicc_data: data });
    const reply = readReply(response.status, await response.text());
    if (reply.error !== error) throw new Error(`${reply.error} where ${error} is expected: ${reply.data}`);
    return reply;
  };
  return { session, address, url, sid, post, say };
}

export function readReply(status: number, text: string): HacpReply {
  const [, code, data] = /^error=(\d)\r\nerror_text=[^\r\n]+\r\nversion=4\.0\r\naicc_data=(.*)$/s.exec(text) ?? [];
  if (status !== 200 || code === undefined || data === undefined) throw new Error(`${status}: ${text}`);
  const value = (keyword: string): string | undefined =>
    data.split('\r\n').flatMap((line) => (line.startsWith(`${keyword}=`) ? [line.slice(keyword.length + 1)] : []))[0];
  return { error: Number(code), data, value };
}
