import { Command } from 'commander';
import { applicationCommands, keyCommands } from './cli/applications';
import { bootstrapCommand } from './cli/bootstrap';
import { deliveryCommands } from './cli/deliveries';
import { endpointCommands } from './cli/endpoints';
import { programCommands } from './cli/event-programs';
import { CommandError, connectHub } from './cli/hub-client';
import { readClientConfig } from './config';

const connect = () => connectHub(readClientConfig());

const program = new Command('hub')
  .description('The command line client of the hub API. HUB_URL says where it is, HUB_KEY=id:secret who asks.')
  .showHelpAfterError()
  .addCommand(applicationCommands(connect))
  .addCommand(keyCommands(connect))
  .addCommand(endpointCommands(connect))
  .addCommand(deliveryCommands(connect))
  .addCommand(programCommands(connect))
  .addCommand(bootstrapCommand());

program.parseAsync().catch((error: unknown) => {
  const text = error instanceof CommandError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
});
