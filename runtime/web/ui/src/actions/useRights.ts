/** What the one who looks may do, by the same rules as the server (src/model/access.ts): what they may not do is not offered. */
import { useQuery } from '@tanstack/react-query';
import { allows, type DagFacts, type Right } from '../../../../../src/model/access.ts';
import { meQuery } from '../api/queries.ts';

export function useRights(dag?: DagFacts): (right: Right) => boolean {
  const { data } = useQuery(meQuery);
  return (right) => data !== undefined && allows(data, right, dag);
}
