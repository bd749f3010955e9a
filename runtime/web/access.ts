/**
 * Who asks, and what that allows: roles over all DAGs, or over those with an id or a tag. Pure; who it is comes from
 * web/auth, which routes need what is said by each route (api/route.ts).
 */

/** Each right includes those before it. `public` asks for nobody. */
export const RIGHTS = ['view', 'operate', 'edit', 'admin'] as const;
export type Right = (typeof RIGHTS)[number];

/** What a role may do. Names are those that people are given. */
export const ROLES = {
  viewer: 'view',
  operator: 'operate',
  editor: 'edit',
  admin: 'admin',
} as const satisfies Record<string, Right>;
export type Role = keyof typeof ROLES;

/** An API token ends after that, at the latest. */
export const MOST_TOKEN_DAYS = 365;

export interface Grant {
  role: Role;
  /** Only these DAGs; neither means all. */
  dag?: string;
  tag?: string;
}

export interface Identity {
  kind: 'user' | 'token' | 'local';
  /** For people and the audit log. */
  name: string;
  /** Rows that belong to this identity (sessions, tokens); null for the one of a laptop. */
  userId: number | null;
  grants: readonly Grant[];
}

/** Who sits at the machine that `podline dev` runs on. */
export const LOCAL: Identity = {
  kind: 'local',
  name: 'local',
  userId: null,
  grants: [{ role: 'admin' }],
};

export interface DagFacts {
  dagId: string;
  tags: readonly string[];
}

/** `dag` undefined: the question is about the installation as a whole, so only grants over all DAGs count. */
export function allows({ grants }: Identity, right: Right, dag?: DagFacts): boolean {
  return grants.some((grant) => {
    if (RIGHTS.indexOf(ROLES[grant.role]) < RIGHTS.indexOf(right)) return false;
    if (grant.dag === undefined && grant.tag === undefined) return true;
    if (!dag) return false;
    if (grant.dag !== undefined && grant.dag !== dag.dagId) return false;
    return grant.tag === undefined || dag.tags.includes(grant.tag);
  });
}

/** What a list may show: everything, or these DAGs and tags. Given to SQL as arrays. */
export interface Visible {
  all: boolean;
  dags: string[];
  tags: string[];
}

export function visible({ grants }: Identity): Visible {
  const all = grants.some(({ dag, tag }) => dag === undefined && tag === undefined);
  return {
    all,
    dags: all
      ? []
      : grants.flatMap(({ dag, tag }) => (dag !== undefined && tag === undefined ? [dag] : [])),
    tags: all
      ? []
      : grants.flatMap(({ dag, tag }) => (tag !== undefined && dag === undefined ? [tag] : [])),
  };
}
