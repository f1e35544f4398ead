import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import Link from "next/link";
import { Age, Elapsed } from "../ui/age.tsx";
import { MigrationStateLabel } from "./migration-state-label.tsx";
import type { MigrationView } from "./migration-view.ts";

type Props = {
  readonly label: string;
  readonly runs: readonly MigrationView[];
  /** Names the plan of each run, where runs of several plans stand together. */
  readonly hasPlans?: boolean;
};

/** Runs in the order given, each with its state, when it was and how long it took. */
export function RunsTable({ label, runs, hasPlans = false }: Props) {
  return (
    <Table aria-label={label} variant="compact">
      <Thead>
        <Tr>
          {hasPlans && <Th modifier="nowrap">Plan</Th>}
          <Th modifier="nowrap">Run</Th>
          <Th modifier="nowrap">Name</Th>
          <Th modifier="nowrap">State</Th>
          <Th modifier="nowrap">Started</Th>
          <Th modifier="nowrap">Took</Th>
        </Tr>
      </Thead>
      <Tbody>
        {runs.map(({ name, plan, action, run, started, ended }) => (
          <Tr key={name}>
            {hasPlans && (
              <Td dataLabel="Plan">
                <Link href={`/plans/${plan}`}>{plan}</Link>
              </Td>
            )}
            <Td dataLabel="Run">{action}</Td>
            <Td dataLabel="Name">
              <Link href={`/plans/${plan}/migrations/${name}`}>{name}</Link>
            </Td>
            <Td dataLabel="State">
              <MigrationStateLabel state={run.state} />
            </Td>
            <Td dataLabel="Started">
              <Age since={started} />
            </Td>
            <Td dataLabel="Took">
              <Elapsed from={started} to={ended} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
