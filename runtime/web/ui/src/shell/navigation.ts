/** The places that the side bar, the command palette and the `g` keys lead to: one table for all three. */
import { IconTopologyStar3, type Icon } from '@tabler/icons-react';

export interface Place {
  label: string;
  href: string;
  icon: Icon;
  /** `g` and then this. */
  key: string;
}

export const PLACES: readonly Place[] = [
  { label: 'DAGs', href: '/dags', icon: IconTopologyStar3, key: 'd' },
];
