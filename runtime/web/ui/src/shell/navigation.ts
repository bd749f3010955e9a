/** The places that the side bar, the command palette and the `g` keys lead to: one table for all three. */
import { IconHome2, IconHistory, IconTopologyStar3, type Icon } from '@tabler/icons-react';

export interface Place {
  label: string;
  href: string;
  icon: Icon;
  /** `g` and then this. */
  key: string;
}

export const PLACES: readonly Place[] = [
  { label: 'Home', href: '/', icon: IconHome2, key: 'h' },
  { label: 'DAGs', href: '/dags', icon: IconTopologyStar3, key: 'd' },
  { label: 'Runs', href: '/runs', icon: IconHistory, key: 'r' },
];
