export * from './delete-course';
export * from './housekeeping';
export * from './import-course';
