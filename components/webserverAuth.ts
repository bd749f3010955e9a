/** How people sign in to the webserver, as settings of its pods and a mounted Secret. Used by Webserver. */
import * as pulumi from '@pulumi/pulumi';
import type { MountedVolume } from './spec/pod.ts';
import { type Add, check, needed, plainFields } from './spec/validate.ts';

const FOLDER = '/etc/podline/oidc';
const FILE = 'client-secret';

/** How people sign in. Without a provider they have passwords; the log of the first start has a link. */
export interface AuthArgs {
  /** Address at which browsers reach the webserver, such as `https://podline.example.org`. */
  publicUrl?: pulumi.Input<string>;
  /** Addresses and networks of proxies, with commas between them, whose X-Forwarded headers are believed. Default: nobody's. */
  trustedProxy?: pulumi.Input<string>;
  /** Identity provider (OpenID Connect). Default: none. */
  oidc?: OidcArgs;
}

/** An identity provider. */
export interface OidcArgs {
  /** Its address. */
  issuer: pulumi.Input<string>;
  /** What it knows the webserver by. */
  clientId: pulumi.Input<string>;
  /** The Secret that holds the secret of that client. Default: a public client. */
  clientSecret?: ClientSecretArgs;
  /** Name on the button. Default: its host. */
  name?: pulumi.Input<string>;
  /** Scopes to ask for, with spaces between them. Default `openid profile email`. */
  scopes?: pulumi.Input<string>;
  /** Claim that has the groups of a user. Default `groups`. */
  groupsClaim?: pulumi.Input<string>;
  /** Roles that groups bring, by group, such as `editor` or `operator:tag=bi`. Default: none. */
  groupRoles?: pulumi.Input<Record<string, pulumi.Input<pulumi.Input<string>[]>>>;
}

/** A key of a Secret in the namespace of the webserver. */
export interface ClientSecretArgs {
  /** Name of the Secret. */
  name: pulumi.Input<string>;
  /** Key that holds it. Default `client-secret`. */
  key?: pulumi.Input<string>;
}

export function authProblems(args: AuthArgs | undefined, add: Add): void {
  if (!args) return;
  plainFields(args, ['oidc'], add);
  add('publicUrl', check(args.publicUrl, addressProblem));
  if (!args.oidc) return;
  add('oidc.issuer', needed(args.oidc.issuer) ?? check(args.oidc.issuer, addressProblem));
  add('oidc.clientId', needed(args.oidc.clientId));
  if (args.oidc.clientSecret) add('oidc.clientSecret.name', needed(args.oidc.clientSecret.name));
  if (args.publicUrl === undefined) add('publicUrl', 'must be set beside a provider');
}

function addressProblem(text: string): string | undefined {
  return /^https:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/.test(text) ? undefined : 'must begin with https://';
}

export function authEnv({ publicUrl, trustedProxy, oidc }: AuthArgs) {
  return {
    PODLINE_PUBLIC_URL: publicUrl,
    PODLINE_TRUSTED_PROXY: trustedProxy,
    PODLINE_OIDC_ISSUER: oidc?.issuer,
    PODLINE_OIDC_CLIENT_ID: oidc?.clientId,
    PODLINE_OIDC_CLIENT_SECRET_FILE: oidc?.clientSecret && `${FOLDER}/${FILE}`,
    PODLINE_OIDC_NAME: oidc?.name,
    PODLINE_OIDC_SCOPES: oidc?.scopes,
    PODLINE_OIDC_GROUPS_CLAIM: oidc?.groupsClaim,
    PODLINE_OIDC_ROLES: oidc?.groupRoles && pulumi.jsonStringify(oidc.groupRoles),
  };
}

export function authVolumes({ oidc }: AuthArgs): MountedVolume[] {
  if (!oidc?.clientSecret) return [];
  const { name, key = FILE } = oidc.clientSecret;
  const secret = { secretName: name, items: [{ key, path: FILE }] };
  return [{ name: 'oidc', source: { secret }, mountPath: FOLDER }];
}
