/** Runs as rows: state, id, when, how long, and why they failed. */
import { Table, Text } from '@mantine/core';
import type { RunSummary } from '../api/types.ts';
import { DagLink, RunLink } from './AppLink.tsx';
import { StateBadge } from './StateBadge.tsx';
import { Duration, RelativeTime } from './times.tsx';
import classes from './parts.module.css';

export function RunTable({
  runs,
  withDag = true,
}: {
  runs: readonly RunSummary[];
  withDag?: boolean;
}) {
  return (
    <div
      className={classes.panel}
      style={{ overflowX: 'auto' }}
      tabIndex={0}
      role="region"
      aria-label="Runs"
    >
      <Table verticalSpacing={6} horizontalSpacing="sm" highlightOnHover fz="sm" miw={560}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>State</Table.Th>
            {withDag && <Table.Th>DAG</Table.Th>}
            <Table.Th>Run</Table.Th>
            <Table.Th>Kind</Table.Th>
            <Table.Th>Started</Table.Th>
            <Table.Th>Took</Table.Th>
            <Table.Th>Cause</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Table.Tr key={`${run.dagId} ${run.runId}`}>
              <Table.Td>
                <StateBadge state={run.state} />
              </Table.Td>
              {withDag && (
                <Table.Td>
                  <DagLink dagId={run.dagId} />
                </Table.Td>
              )}
              <Table.Td>
                <RunLink dagId={run.dagId} runId={run.runId} />
              </Table.Td>
              <Table.Td>
                <Text size="xs" c="dimmed">
                  {run.kind}
                </Text>
              </Table.Td>
              <Table.Td>
                <RelativeTime time={run.startedAt ?? run.createdAt} />
              </Table.Td>
              <Table.Td>
                <Duration startedAt={run.startedAt} endedAt={run.endedAt} />
              </Table.Td>
              <Table.Td maw={360}>
                <Text size="xs" c="dimmed" truncate title={run.causeWords ?? undefined}>
                  {run.causeWords ?? run.note ?? ''}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
