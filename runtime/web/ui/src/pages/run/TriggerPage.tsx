/** The form that starts a run, at an address of its own. Closing it leads to the DAG, starting it to the run. */
import { useParams } from '@tanstack/react-router';
import { TriggerDialog } from '../../actions/TriggerDialog.tsx';
import { dagHref, runHref, useOpen } from '../../parts/AppLink.tsx';

export function TriggerPage() {
  const { dagId } = useParams({ from: '/dags/$dagId/trigger' });
  const open = useOpen();
  return (
    <TriggerDialog
      dagId={dagId}
      isOpen
      onClose={() => open(dagHref(dagId))}
      onStarted={(runId) => open(runHref(dagId, runId))}
    />
  );
}
