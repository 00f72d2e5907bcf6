import { Command } from 'commander';
import { applicationCommands, keyCommands } from './cli/applications';
import { bootstrapCommand } from './cli/bootstrap';
import { deliveryCommands } from './cli/deliveries';
import { endpointCommands } from './cli/endpoints';
import { enrollmentCommands } from './cli/enrollments';
import { eventProgramCommands } from './cli/event-programs';
import { groupCommands } from './cli/groups';
import { CommandError, connectHub } from './cli/hub-client';
import { learnerCommands } from './cli/learners';
import { programCommands } from './cli/programs';
import { readClientConfig } from './config';

const connect = () => connectHub(readClientConfig());

const program = new Command('hub')
  .description('The command line client of the hub API. HUB_URL says where it is, HUB_KEY=id:secret who asks.')
  .showHelpAfterError()
  .addCommand(applicationCommands(connect))
  .addCommand(keyCommands(connect))
  .addCommand(endpointCommands(connect))
  .addCommand(deliveryCommands(connect))
  .addCommand(eventProgramCommands(connect))
  .addCommand(programCommands(connect))
  .addCommand(learnerCommands(connect))
  .addCommand(groupCommands(connect))
  .addCommand(enrollmentCommands(connect))
  .addCommand(bootstrapCommand());

program.parseAsync().catch((error: unknown) => {
  const text = error instanceof CommandError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
});
