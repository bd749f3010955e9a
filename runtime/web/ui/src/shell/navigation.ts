/** The places that the side bar, the command palette and the `g` keys lead to: one table for all three. */
import {
  IconAdjustments,
  IconAlertTriangle,
  IconCalendarRepeat,
  IconHistory,
  IconHome2,
  IconListDetails,
  IconPlugConnected,
  IconServer2,
  IconStack2,
  IconTopologyStar3,
  type Icon,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { allows, type Right } from '../../../../../src/model/access.ts';
import { meQuery } from '../api/queries.ts';

export interface Place {
  label: string;
  href: string;
  icon: Icon;
  /** `g` and then this. */
  key: string;
  /** Over the whole installation. Without it the page is not offered. */
  right?: Right;
}

const PLACES: readonly Place[] = [
  { label: 'Home', href: '/', icon: IconHome2, key: 'h' },
  { label: 'DAGs', href: '/dags', icon: IconTopologyStar3, key: 'd' },
  { label: 'Runs', href: '/runs', icon: IconHistory, key: 'r' },
  { label: 'Backfills', href: '/backfills', icon: IconCalendarRepeat, key: 'f' },
  { label: 'Pools', href: '/pools', icon: IconStack2, key: 'p' },
  { label: 'Variables', href: '/variables', icon: IconAdjustments, key: 'v', right: 'view' },
  { label: 'Connections', href: '/connections', icon: IconPlugConnected, key: 'c', right: 'view' },
  { label: 'Workers', href: '/workers', icon: IconServer2, key: 'w', right: 'view' },
  { label: 'Build errors', href: '/build-errors', icon: IconAlertTriangle, key: 'e' },
  { label: 'Audit log', href: '/audit', icon: IconListDetails, key: 'a', right: 'admin' },
];

export function usePlaces(): readonly Place[] {
  const { data: me } = useQuery(meQuery);
  return useMemo(
    () => PLACES.filter(({ right }) => right === undefined || (me && allows(me, right))),
    [me],
  );
}
