/** Makes an image of one layer from a folder, as a file that containerd, buildah and docker can load. */
import crypto from 'node:crypto';
import fs from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from '../command.ts';

export interface ImageConfig {
  Entrypoint?: string[];
  Cmd?: string[];
  Env?: string[];
  User?: string;
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export async function archiveOf(name: string, folder: string, file: string, config: ImageConfig) {
  const work = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-image-'));
  try {
    await pack(path.join(work, 'layer.tar'), folder, '.');
    const layer = await digest(path.join(work, 'layer.tar'));
    const json = JSON.stringify({
      architecture: os.arch() === 'arm64' ? 'arm64' : 'amd64',
      os: 'linux',
      config: { ...config, Env: [PATH, ...(config.Env ?? [])] },
      rootfs: { type: 'layers', diff_ids: [`sha256:${layer}`] },
      history: [{ created: '2026-01-01T00:00:00Z' }],
    });
    const configName = `${crypto.createHash('sha256').update(json).digest('hex')}.json`;
    await fs.writeFile(path.join(work, configName), json);
    const manifest = [{ Config: configName, RepoTags: [name], Layers: ['layer.tar'] }];
    await fs.writeFile(path.join(work, 'manifest.json'), JSON.stringify(manifest));
    await pack(`${file}.part`, work, 'manifest.json', configName, 'layer.tar');
    await fs.rename(`${file}.part`, file);
  } finally {
    await fs.rm(work, { recursive: true });
  }
}

/** Same folder, same bytes: times are cut off and the order is fixed. Owners stay. */
async function pack(file: string, folder: string, ...names: string[]): Promise<void> {
  const same = ['--sort=name', '--mtime=@1767225600', '--numeric-owner', '--format=posix'];
  const noTimes = '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime';
  await run('tar', ['-cf', file, ...same, noTimes, '-C', folder, ...names]);
}

async function digest(file: string): Promise<string> {
  const hash = crypto.createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
