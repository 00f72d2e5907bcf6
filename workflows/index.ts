export * from './collect-content';
export * from './delete-course';
export * from './drain-deliveries';
export * from './housekeeping';
export * from './import-course';
export * from './recover-endpoint';
export * from './remove-endpoint';
export * from './retry-delivery';
