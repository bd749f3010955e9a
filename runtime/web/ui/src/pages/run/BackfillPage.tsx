/** The form that starts a backfill, at an address of its own. Closing it leads to the DAG, starting it to the backfills. */
import { useParams } from '@tanstack/react-router';
import { BackfillDialog } from '../../actions/BackfillDialog.tsx';
import { dagHref, useOpen } from '../../parts/AppLink.tsx';

export function BackfillPage() {
  const { dagId } = useParams({ from: '/dags/$dagId/backfill' });
  const open = useOpen();
  return (
    <BackfillDialog
      dagId={dagId}
      isOpen
      onClose={() => open(dagHref(dagId))}
      onStarted={() => open(`/backfills?${new URLSearchParams({ dagId })}`)}
    />
  );
}
