import { applicationOperations } from './applications/applications.routes';
import { pingOperations } from './applications/ping.routes';
import { tokenOperations } from './applications/tokens.routes';
import { envelopeOperations } from './caliper/envelopes.routes';
import { eventOperations as caliperEventOperations } from './caliper/events.routes';
import { totalsOperations } from './caliper/totals.routes';
import { configurationOperations } from './configuration/configuration.routes';
import { assetOperations } from './courses/assets.routes';
import { courseOperations } from './courses/courses.routes';
import { courseTagOperations } from './courses/course-tags.routes';
import { courseVersionOperations } from './courses/course-versions.routes';
import { importJobOperations } from './courses/import-jobs.routes';
import { deliveryOperations } from './deliveries/deliveries.routes';
import { endpointOperations } from './deliveries/endpoints.routes';
import { eventProgramOperations } from './events/event-programs.routes';
import { eventTypeOperations } from './events/event-types.routes';
import { eventSubscriptionOperations } from './events/event-subscriptions.routes';
import { eventOperations } from './events/events.routes';
import type { Operation } from './http/operation';
import { assignmentOperations } from './learning-objects/assignments.routes';
import { evaluationOperations } from './learning-objects/evaluations.routes';
import { learningObjectOperations } from './learning-objects/learning-objects.routes';
import { loepServerOperations } from './learning-objects/loep-server.routes';
import { receivedLearningObjectOperations } from './learning-objects/received-learning-objects.routes';
import { courseStatementOperations } from './player/course-statements.routes';
import { launchLinkOperations } from './player/launch-links.routes';
import { completionMappingOperations } from './programs/completion-mapping.routes';
import { completionOperations } from './programs/completions.routes';
import { enrollmentOperations } from './programs/enrollments.routes';
import { groupOperations } from './programs/groups.routes';
import { hubEnrollmentOperations } from './programs/hub-enrollments.routes';
import { learnerOperations } from './programs/learners.routes';
import { programOperations } from './programs/programs.routes';
import { agentAndActivityOperations } from './statements/agents.routes';
import { documentOperations } from './statements/documents.routes';
import { aboutOperations, statementOperations } from './statements/statements.routes';

/** Every operation of every door: the router and the OpenAPI document are made of this list. */
export const operations: readonly Operation[] = [
  // Before the courses: their paths would take "importJobs" for a course's id.
  ...importJobOperations,
  ...courseOperations,
  ...courseTagOperations,
  ...courseVersionOperations,
  ...launchLinkOperations,
  ...courseStatementOperations,
  ...configurationOperations,
  ...assetOperations,
  ...loepServerOperations,
  ...learningObjectOperations,
  ...assignmentOperations,
  ...evaluationOperations,
  ...receivedLearningObjectOperations,
  ...enrollmentOperations,
  ...envelopeOperations,
  ...caliperEventOperations,
  ...totalsOperations,
  ...applicationOperations,
  ...tokenOperations,
  ...pingOperations,
  ...endpointOperations,
  ...deliveryOperations,
  ...eventOperations,
  ...eventProgramOperations,
  ...eventTypeOperations,
  ...eventSubscriptionOperations,
  ...programOperations,
  ...learnerOperations,
  ...groupOperations,
  ...hubEnrollmentOperations,
  ...completionOperations,
  ...completionMappingOperations,
  ...statementOperations,
  ...documentOperations,
  ...agentAndActivityOperations,
  ...aboutOperations,
];
