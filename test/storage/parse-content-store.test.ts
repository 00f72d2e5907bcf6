import { resolve } from 'node:path';
import { parseContentStore } from '../../src/storage/content-store';

const cache = { folder: '/var/cache/hub', maxBytes: 1_000_000 };
const bucket = { kind: 's3', bucket: 'courses', prefix: '', pathStyle: false, cache };

test.each([
  ['/srv/content', { kind: 'folder', folder: '/srv/content' }],
  ['./data/content', { kind: 'folder', folder: resolve('data/content') }],
  ['file:///srv/course%20files', { kind: 'folder', folder: '/srv/course files' }],
  ['s3://courses', bucket],
  ['s3://courses/', bucket],
  ['s3://courses/hub/live/', { ...bucket, prefix: 'hub/live/' }],
  ['s3://courses?region=eu-north-1', { ...bucket, region: 'eu-north-1' }],
  ['s3://courses?endpoint=http://minio:9000', { ...bucket, endpoint: 'http://minio:9000', pathStyle: true }],
  [
    's3://courses/a?endpoint=https%3A%2F%2Fstore.example&pathStyle=false',
    { ...bucket, prefix: 'a/', endpoint: 'https://store.example' },
  ],
])('reads %s', (text, settings) => {
  expect(parseContentStore(text, cache)).toEqual(settings);
});

test.each([
  ['s3://', 'names no bucket'],
  ['s3:///prefix', 'names no bucket'],
  ['s3://courses?regoin=eu', 'no parameter regoin'],
  ['s3://courses?pathStyle=yes', 'true or false'],
  ['s3://courses?endpoint=minio:9000', 'http: or https:'],
  ['s3://courses/my%20files', 'letters, digits'],
  ['s3://[courses', 'not a well-formed URL'],
  ['file://elsewhere/srv', 'no local folder'],
  ['gs://courses', 'not a kind of store'],
])('refuses %s, and says why', (text, why) => {
  expect(() => parseContentStore(text, cache)).toThrow(why);
});
