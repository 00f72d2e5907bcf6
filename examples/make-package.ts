/**
 * Writes a small real course to import: `npm run example:package [FILE]`. Two SCOs in SCORM 1.2 that find the API, keep a
 * bookmark and report completion and a score.
 */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

const manifest = `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="golf-basics" version="1.0"
  xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"
  xmlns:imsmd="http://www.imsglobal.org/xsd/imsmd_rootv1p2p1">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
    <imsmd:lom>
      <imsmd:general>
        <imsmd:title><imsmd:langstring xml:lang="en">Golf Basics</imsmd:langstring></imsmd:title>
        <imsmd:language>en</imsmd:language>
        <imsmd:description>
          <imsmd:langstring xml:lang="en">How a round is played, and how to behave on the course.</imsmd:langstring>
        </imsmd:description>
        <imsmd:keyword><imsmd:langstring xml:lang="en">golf</imsmd:langstring></imsmd:keyword>
      </imsmd:general>
    </imsmd:lom>
  </metadata>
  <organizations default="golf">
    <organization identifier="golf">
      <title>Golf Basics</title>
      <item identifier="playing" identifierref="playing-sco">
        <title>Playing a Round</title>
      </item>
      <item identifier="etiquette" identifierref="etiquette-sco">
        <title>Etiquette</title>
        <adlcp:masteryscore>80</adlcp:masteryscore>
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="playing-sco" type="webcontent" adlcp:scormtype="sco" href="playing.html">
      <file href="playing.html"/>
      <dependency identifierref="shared"/>
    </resource>
    <resource identifier="etiquette-sco" type="webcontent" adlcp:scormtype="sco" href="etiquette.html">
      <file href="etiquette.html"/>
      <dependency identifierref="shared"/>
    </resource>
    <resource identifier="shared" type="webcontent" adlcp:scormtype="asset">
      <file href="shared/course.js"/>
      <file href="shared/course.css"/>
    </resource>
  </resources>
</manifest>
`;

const script = `// Talks to the learning management system by the SCORM 1.2 API (RTE 3.3).
var course = (function () {
  var api = findApi(window) || (window.opener && findApi(window.opener));
  var began = Date.now();
  var finished = false;

  function findApi(from) {
    for (var depth = 0; depth < 500 && from; depth += 1) {
      try {
        if (from.API) return from.API;
      } catch (error) {
        return null;
      }
      if (from.parent === from) return null;
      from = from.parent;
    }
    return null;
  }

  function set(element, value) {
    if (api) api.LMSSetValue(element, String(value));
  }

  function twoDigits(number) {
    return (number < 10 ? '0' : '') + number;
  }

  function sessionTime() {
    var seconds = Math.floor((Date.now() - began) / 1000);
    var parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return parts.map(twoDigits).join(':');
  }

  function finish() {
    if (finished || !api) return;
    finished = true;
    set('cmi.core.session_time', sessionTime());
    api.LMSCommit('');
    api.LMSFinish('');
  }

  if (api) {
    api.LMSInitialize('');
    if (api.LMSGetValue('cmi.core.lesson_status') === 'not attempted') set('cmi.core.lesson_status', 'incomplete');
  }
  window.addEventListener('pagehide', finish);

  return {
    connected: Boolean(api),
    complete: function (score) {
      if (score !== undefined) {
        set('cmi.core.score.min', 0);
        set('cmi.core.score.max', 100);
        set('cmi.core.score.raw', score);
      }
      set('cmi.core.lesson_status', score === undefined ? 'completed' : score >= 80 ? 'passed' : 'failed');
      finish();
    },
  };
})();
`;

const style = `body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; color: #1d2b1f; }
h1 { color: #1f6b34; }
button { font: inherit; padding: 0.5rem 1rem; margin: 0.25rem 0.5rem 0.25rem 0; cursor: pointer; }
`;

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="stylesheet" href="shared/course.css">
    <script src="shared/course.js"></script>
  </head>
  <body>
    <h1>${title}</h1>
${body}
  </body>
</html>
`;

const playing = page(
  'Playing a Round',
  `    <p>A round has eighteen holes. At each you start from the tee and count every stroke until the ball lies in the hole.</p>
    <p>Par is what a very good player needs. One stroke less is a birdie, one more a bogey.</p>
    <button onclick="course.complete()">I have read this</button>`,
);

const etiquette = page(
  'Etiquette',
  `    <p>Somebody is about to play. What do you do?</p>
    <button onclick="course.complete(100)">Stand still and keep quiet</button>
    <button onclick="course.complete(0)">Give advice</button>`,
);

/** The example course's files by their paths in the package. */
export const golfBasics: Readonly<Record<string, string>> = {
  'imsmanifest.xml': manifest,
  'playing.html': playing,
  'etiquette.html': etiquette,
  'shared/course.js': script,
  'shared/course.css': style,
};

/** Equal content gives an equal zip: the times in it do not change. */
const madeAt = new Date('2026-01-01T00:00:00Z');

async function writePackage(target: string): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(golfBasics))
    zip.addBuffer(Buffer.from(content), name, { mtime: madeAt });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(target));
  console.log(target);
}

if (require.main === module) {
  const target = process.argv[2] ?? path.join('examples', 'out', 'golf-basics.zip');
  writePackage(path.resolve(target)).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
