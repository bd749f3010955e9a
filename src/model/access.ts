/**
 * Who asks, and what that allows: roles over all DAGs, or over those with an id or a tag. Pure; who it is comes from
 * runtime/web/auth, what a route needs is said by the route itself. The pages offer by the same rules.
 */

export const RIGHTS = ['view', 'operate', 'deploy', 'edit', 'admin'] as const;
export type Right = (typeof RIGHTS)[number];

/** What a role may do. Names are those that people are given. */
export const ROLES = {
  viewer: ['view'],
  operator: ['view', 'operate'],
  /** Of programs: sends builds, and not even sees what is there. */
  deployer: ['deploy'],
  editor: ['view', 'operate', 'deploy', 'edit'],
  admin: RIGHTS,
} as const satisfies Record<string, readonly Right[]>;
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

function reaches({ role }: Grant, right: Right): boolean {
  return (ROLES[role] as readonly Right[]).includes(right);
}

/** Whether a role may all that another one may. */
export function includes(role: Role, other: Role): boolean {
  return ROLES[other].every((right) => reaches({ role }, right));
}

/** `dag` undefined: the question is about the installation as a whole, so only grants over all DAGs count. */
export function allows({ grants }: Identity, right: Right, dag?: DagFacts): boolean {
  return grants.some((grant) => {
    if (!reaches(grant, right)) return false;
    if (grant.dag === undefined && grant.tag === undefined) return true;
    if (!dag) return false;
    if (grant.dag !== undefined && grant.dag !== dag.dagId) return false;
    return grant.tag === undefined || dag.tags.includes(grant.tag);
  });
}

/** Over some DAG at least: who has it nowhere need not be listened to. */
export function allowsSomewhere({ grants }: Identity, right: Right): boolean {
  return grants.some((grant) => reaches(grant, right));
}

/** What a list may show: everything, or these DAGs and tags. Given to SQL as arrays. */
export interface Visible {
  all: boolean;
  dags: string[];
  tags: string[];
}

/** For those who hold the database, and where a right was asked for before. */
export const EVERYTHING: Visible = { all: true, dags: [], tags: [] };

export function visible(identity: Identity): Visible {
  const grants = identity.grants.filter((grant) => reaches(grant, 'view'));
  if (grants.some(({ dag, tag }) => dag === undefined && tag === undefined)) {
    return EVERYTHING;
  }
  return {
    all: false,
    dags: grants.flatMap(({ dag, tag }) => (dag !== undefined && tag === undefined ? [dag] : [])),
    tags: grants.flatMap(({ dag, tag }) => (tag !== undefined && dag === undefined ? [tag] : [])),
  };
}
