import { readPutParam, writeGetParam } from '../../src/player/aicc-data.rules';
import { addComments, addInteractions, addObjectives, keepObjectives } from '../../src/player/aicc-records.rules';

const lines = (...all: string[]): string => all.map((line) => `${line}\r\n`).join('');
const valuesOf = (...all: string[]) => readPutParam(lines('[Core]', ...all)).values;

describe('PutParam', () => {
  it.each([
    ['CRLF', '\r\n'],
    ['LF', '\n'],
    ['CR', '\r'],
  ])('is read with lines that end in %s, names in any case and comments', (_, end) => {
    const data = [
      '[CORE]',
      '; LESSON_STATUS=failed',
      ' lesson_STATUS = Passed',
      'Score=90',
      'TIME=00:01:30',
      '[core_lesson]',
    ];
    const { values, seconds } = readPutParam([...data, 'a=1', '', ';b', '[core_vendor]', 'x'].join(end));
    expect(values).toEqual({
      'cmi.core.lesson_status': 'passed',
      'cmi.core.exit': undefined,
      'cmi.core.score.raw': '90',
      'cmi.core.score.max': undefined,
      'cmi.core.score.min': undefined,
      'cmi.suspend_data': `a=1${end}${end};b`,
    });
    expect(seconds).toBe(90);
  });

  it('keeps free text exactly, up to the next group that there is', () => {
    const text = ' <state a="1,2">\n[page 3]\n\n  50% = half \t';
    expect(readPutParam(`[Core_Lesson]\r\n${text}\r\n[Core]\r\nScore=1\r\n`).values).toMatchObject({
      'cmi.suspend_data': text,
      'cmi.core.score.raw': '1',
    });
    expect(readPutParam(`[Core_Lesson]\r\n${text}`).values).toEqual({ 'cmi.suspend_data': text });
  });

  it.each([
    ['p', 'passed', undefined],
    ['COMPLETED', 'completed', undefined],
    ['Failed, Logout', 'failed', 'logout'],
    ['i,s', 'incomplete', 'suspend'],
    ['browsed,Time-out', 'browsed', 'time-out'],
    ['n/a , suspend', 'not attempted', 'suspend'],
    ['incomplete,whatever', 'incomplete', undefined],
  ])('reads the status %s by first letters', (text, status, exit) => {
    expect(valuesOf(`Lesson_Status=${text}`)).toEqual({ 'cmi.core.lesson_status': status, 'cmi.core.exit': exit });
  });

  it.each([
    ['87', '87', undefined, undefined],
    [' 12.5 , 20, 0', '12.5', '20', '0'],
    ['-1,,-5', '-1', undefined, '-5'],
  ])('reads the score %s as raw, max and min', (text, raw, max, min) => {
    expect(valuesOf(`Score=${text}`)).toEqual({
      'cmi.core.score.raw': raw,
      'cmi.core.score.max': max,
      'cmi.core.score.min': min,
    });
  });

  it.each([
    ['0001:02:03.5', 3723.5],
    ['00:00:10.', 10],
    ['', undefined],
    ['soon', undefined],
    ['99999999:00:00', undefined],
    ['-1:00:00', undefined],
    ['1:30', undefined],
  ])('reads the time "%s" as %p seconds', (text, seconds) => {
    expect(readPutParam(lines('[core]', `time=${text}`)).seconds).toBe(seconds);
  });

  it.each([
    ['nothing', ''],
    ['groups without a line', '[core]\r\n[student_preferences]\r\n[objectives_status]\r\n[comments]\r\n'],
    ['values that are empty', lines('[core]', 'lesson_status=', 'score=', 'time=', '[student_preferences]', 'audio=')],
    [
      'values that cannot be read',
      lines('[core]', 'lesson_status=?', 'score=high', 'time=long', 'score', '=5', '[', ']', '[]'),
    ],
    ['groups that there are not', lines('score=1', '[else]', 'lesson_status=p')],
    ['prototypes', lines('[__proto__]', 'a=1', '[core]', '__proto__=1', 'constructor=2', 'lesson_status=__proto__')],
  ])('of %s changes nothing', (_, data) => {
    expect(readPutParam(data)).toEqual({ values: {}, objectives: [], seconds: undefined });
  });

  it('empties what content empties: the location and its own data', () => {
    const cleared = { 'cmi.core.lesson_location': '', 'cmi.suspend_data': '' };
    expect(readPutParam(lines('[core]', 'lesson_location=', '[core_lesson]')).values).toEqual(cleared);
  });

  it('reads preferences, comments and objectives', () => {
    const { values, objectives } = readPutParam(
      lines('[student_preferences]', 'Audio=-1', 'Text_Color=1', 'Shoe_Size=9', '[comments]', '<1>Good.<e.1>') +
        lines('[objectives_status]', 'J_ID.1=one', 'J_Score.1=5,10', 'J_Status.1=P', 'J_ID.7=two', 'J_Status.2=f'),
    );
    expect(values).toEqual({
      'cmi.student_preference.audio': '-1',
      'cmi.student_preference.text_color': '1',
      'cmi.comments': '<1>Good.<e.1>',
    });
    expect(objectives).toEqual([{ id: 'one', status: 'passed', 'score.raw': '5', 'score.max': '10' }, { id: 'two' }]);
  });
});

describe('GetParam', () => {
  it('is answered by groups, with what there is', () => {
    const cmi = {
      'cmi.core.student_id': 'l-1',
      'cmi.core.student_name': 'Doe,\r\n[Core] Jane',
      'cmi.core.credit': 'credit',
      'cmi.core.lesson_mode': 'normal',
      'cmi.core.lesson_status': 'incomplete',
      'cmi.core.entry': 'resume',
      'cmi.core.lesson_location': 'p3',
      'cmi.core.score.raw': '5',
      'cmi.core.score.max': '10',
      'cmi.core.total_time': '0000:01:30',
      'cmi.suspend_data': 'a\r\n=b',
      'cmi.launch_data': 'key=value',
      'cmi.student_data.mastery_score': '80',
      'cmi.student_preference.text_size': '2',
      'cmi.objectives.0.id': 'one',
      'cmi.objectives.0.status': 'passed',
      'cmi.objectives.1.id': 'two',
      'cmi.objectives.1.score.raw': '3',
    };
    const expected = `[Core]
Student_ID=l-1
Student_Name=Doe, [Core] Jane
Output_File=
Credit=credit
Lesson_Location=p3
Lesson_Mode=normal
Lesson_Status=incomplete,resume
Score=5,10
Time=0000:01:30
[Core_Lesson]
a
=b
[Core_Vendor]
key=value
[Evaluation]
Course_ID=aicc-1
[Student_Data]
Mastery_Score=80
[Student_Preferences]
Text_Size=2
[Objectives_Status]
J_ID.1=one
J_Status.1=passed
J_ID.2=two
J_Score.2=3
`;
    expect(writeGetParam(cmi, 'aicc-1')).toBe(expected.replaceAll('\n', '\r\n'));
  });

  it('gives back what PutParam brought', () => {
    const text = 'page=3\n\n[not a group]\nÄ';
    const { values } = readPutParam(
      writeGetParam({ 'cmi.suspend_data': text, 'cmi.core.lesson_status': 'passed' }, 'c'),
    );
    expect(values).toMatchObject({ 'cmi.suspend_data': text, 'cmi.core.lesson_status': 'passed' });
  });
});

const header = '"Course_ID","Student_ID","Lesson_ID","Date","Time","Interaction_ID","Objective_ID","Type_Interaction",';
const interactions = (...rows: string[]): string =>
  [`${header}"Correct_Response","Student_Response","Result","Weighting","Latency"`, ...rows].join('\r\n');

describe('tables of performance', () => {
  const first = '"c","s","l","2024/01/31","10:00:00","q1","o1","C","{a,b}","a","W","1","00:00:05"';

  it('bring interactions in SCORM’s words', () => {
    expect(addInteractions({}, interactions(first, '', 'c,s,l,,,q2,,t,,"says ""no"", twice",correct,,'))).toEqual({
      'cmi.interactions.0.id': 'q1',
      'cmi.interactions.0.time': '10:00:00',
      'cmi.interactions.0.type': 'choice',
      'cmi.interactions.0.objectives.0.id': 'o1',
      'cmi.interactions.0.correct_responses.0.pattern': '{a,b}',
      'cmi.interactions.0.student_response': 'a',
      'cmi.interactions.0.result': 'wrong',
      'cmi.interactions.0.weighting': '1',
      'cmi.interactions.0.latency': '00:00:05',
      'cmi.interactions.1.id': 'q2',
      'cmi.interactions.1.type': 'true-false',
      'cmi.interactions.1.student_response': 'says "no", twice',
      'cmi.interactions.1.result': 'correct',
    });
  });

  it('add nothing when they come again, and an answer that is another one', () => {
    const once = addInteractions({}, interactions(first));
    expect(addInteractions(once, interactions(first, first))).toEqual(once);
    const again = addInteractions(once, interactions(first.replace('10:00:00', '10:01:00')));
    expect(again).toMatchObject({ ...once, 'cmi.interactions.1.id': 'q1' });
  });

  it('bring objectives, which keep their places', () => {
    const known = keepObjectives({}, [{ id: 'one' }, { id: 'two' }]);
    const table = '"objective_id","score","status"\n"two","5,10","p"\n"three",,"c"\n,"9","f"';
    expect(addObjectives(known, table)).toEqual({
      'cmi.objectives.0.id': 'one',
      'cmi.objectives.1.id': 'two',
      'cmi.objectives.1.status': 'passed',
      'cmi.objectives.1.score.raw': '5',
      'cmi.objectives.1.score.max': '10',
      'cmi.objectives.2.id': 'three',
      'cmi.objectives.2.status': 'completed',
    });
  });

  it('bring comments', () => {
    const table = '"date","location","comment"\r"2024/01/31","p2","Good,\nreally."';
    expect(addComments({}, table)).toEqual({
      'cmi.comments_from_learner.0.comment': 'Good,\nreally.',
      'cmi.comments_from_learner.0.location': 'p2',
    });
  });

  it.each([
    '',
    '\r\n',
    'interaction_id',
    '"',
    '"interaction_id"\r\n""',
    'a,b\r\n1,2,3,4',
    '[core]\r\nscore=1',
    ',,,\n,,,',
  ])('of junk (%j) bring nothing', (junk) => {
    for (const add of [addInteractions, addObjectives, addComments]) expect(add({ a: 'b' }, junk)).toEqual({ a: 'b' });
  });

  it('end at five thousand', () => {
    const rows = (count: number) => `interaction_id\n${Array.from({ length: count }, (_, at) => `q${at}`).join('\n')}`;
    expect(Object.keys(addInteractions({}, rows(5000)))).toHaveLength(5000);
    expect(() => addInteractions({}, rows(5001))).toThrow('up to 5000');
    const objectives = Array.from({ length: 5001 }, (_, at) => ({ id: `${at}` }));
    expect(() => keepObjectives({}, objectives)).toThrow('up to 5000');
  });
});
