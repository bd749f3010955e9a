/**
 * The rules of a platform team as a policy pack: `pulumi preview --policy-pack examples/policy-pack`. The rules are in
 * policies.ts; loading this file starts the server that the engine asks.
 */
import { PolicyPack } from '@pulumi/policy';
import { policies } from './policies.ts';

new PolicyPack('podline', { policies, enforcementLevel: 'mandatory' });
