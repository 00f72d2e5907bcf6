import { hacpAnswer, readHacpRequest } from '../../src/player/hacp.rules';

const read = (body: string | Buffer) => readHacpRequest(Buffer.from(body as string));

describe('a HACP request', () => {
  it('is read with names and the command in any case, in any order', () => {
    const sid = '0190-AB';
    expect(
      read(`AICC_Data=%5Bcore%5D%0D%0Ascore%3D1&SESSION_ID=${sid}&version=4.0&Command=PUTparam&AU_password=x`),
    ).toEqual({
      command: 'putparam',
      sessionId: sid,
      data: '[core]\r\nscore=1',
    });
  });

  it.each([
    ['UTF-8', '%C3%84+%E2%82%AC%20+%2B', 'Ä €  +'],
    ['Latin-1, as of escape()', '%C4%u20AC%uD83D%uDE00%20', 'Ä€😀 '],
    ['bytes that are not encoded', Buffer.from('aicc_data=Ä=1\r\n'), 'Ä=1\r\n'],
    ['what stands for nothing', '100%&x=1', '100%'],
    ['escapes of escapes once', '%2525u0041%25u0041', '%25u0041%u0041'],
    ['NUL and half characters', 'a%00b%uD83Dc', 'ab\uFFFDc'],
  ])('is decoded from %s', (_, value, data) => {
    expect(read(typeof value === 'string' ? `aicc_data=${value}` : value).data).toBe(data);
  });

  it.each([
    '',
    '&&&',
    '=',
    'command',
    'command=',
    'command=toString',
    'command=__proto__',
    '%',
    '\0',
    'command=Get Param',
  ])('of junk (%j) has no command', (body) => {
    expect(read(body)).toEqual({ command: undefined, sessionId: '', data: '' });
  });
});

describe('a HACP answer', () => {
  it('says how it went', () => {
    expect(hacpAnswer(0, '[Core]\r\n')).toBe('error=0\r\nerror_text=Successful\r\nversion=4.0\r\naicc_data=[Core]\r\n');
    expect(hacpAnswer(3)).toBe('error=3\r\nerror_text=Invalid Session ID\r\nversion=4.0\r\naicc_data=\r\n');
  });
});
