/** Runs of all DAGs, newest first, by state and kind. */
import { runsRoute } from '../../routes/runs.ts';
import { Page } from '../../parts/Page.tsx';
import { RunList } from './RunList.tsx';

export function RunsPage() {
  const filters = runsRoute.useSearch();
  const navigate = runsRoute.useNavigate();
  return (
    <Page title="Runs">
      <RunList
        filters={filters}
        onFilter={(change) =>
          void navigate({ search: (old) => ({ ...old, ...change }), replace: true })
        }
      />
    </Page>
  );
}
