/** An address that leads nowhere. */
import { IconCompass } from '@tabler/icons-react';
import { AppLink } from '../parts/AppLink.tsx';
import { Empty } from '../parts/feedback.tsx';

export function NotFound() {
  return (
    <Empty icon={IconCompass} title="There is no such page">
      Perhaps it was moved. <AppLink href="/dags">All DAGs</AppLink>
    </Empty>
  );
}
