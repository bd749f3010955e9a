/** What is around every page: side bar, search, theme, whether the page is live. Root of all routes. */
import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  Kbd,
  NavLink,
  Text,
  Tooltip,
  UnstyledButton,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import { IconKeyboard, IconMoon, IconSearch, IconSun } from '@tabler/icons-react';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import { connectionState, watchConnection } from '../live.ts';
import { useOpen } from '../parts/AppLink.tsx';
import { KeyHelp } from './KeyHelp.tsx';
import { usePlaces } from './navigation.ts';
import { Palette } from './Palette.tsx';
import classes from './shell.module.css';
import { UserMenu } from './UserMenu.tsx';
import { useJumps } from './useJumps.ts';

export function Shell() {
  const [isMenuOpen, menu] = useDisclosure(false);
  const [isHelpOpen, help] = useDisclosure(false);
  const open = useOpen();
  const { pathname } = useLocation();
  const places = usePlaces();
  useJumps(open, help.open);
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !isMenuOpen } }}
    >
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isMenuOpen}
              onClick={menu.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label="Menu"
            />
            <UnstyledButton onClick={() => open('/')} aria-label="Podline, home">
              <Group gap={8} wrap="nowrap">
                <img src="/favicon.svg" width={20} height={20} alt="" />
                <Text fw={700} size="sm">
                  Podline
                </Text>
              </Group>
            </UnstyledButton>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <UnstyledButton className={classes.search} onClick={spotlight.open}>
              <IconSearch size={14} />
              <Text size="xs" c="dimmed" flex={1} visibleFrom="sm">
                Search
              </Text>
              <Text size="xs" hiddenFrom="sm">
                Search
              </Text>
              <Kbd size="xs" visibleFrom="sm">
                Ctrl K
              </Kbd>
            </UnstyledButton>
            <LiveDot />
            <Tooltip label="Keyboard (?)">
              <ActionIcon
                variant="subtle"
                color="gray"
                onClick={help.open}
                aria-label="Keyboard"
                visibleFrom="sm"
              >
                <IconKeyboard size={18} />
              </ActionIcon>
            </Tooltip>
            <SchemeSwitch />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p={8} className={classes.navbar} aria-label="Pages">
        {places.map(({ label, href, icon: Icon, key }) => (
          <NavLink
            key={href}
            href={href}
            label={label}
            leftSection={<Icon size={17} stroke={1.7} />}
            active={href === '/' ? pathname === '/' : pathname.startsWith(href)}
            title={`g ${key}`}
            className={classes.place}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey) return;
              event.preventDefault();
              menu.close();
              open(href);
            }}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
      <Palette open={open} />
      <KeyHelp isOpen={isHelpOpen} close={help.close} />
    </AppShell>
  );
}

function LiveDot() {
  const connection = useSyncExternalStore(watchConnection, connectionState);
  const words = {
    connecting: 'Connecting',
    live: 'Live: changes show by themselves',
    lost: 'No connection to the webserver; trying again',
  }[connection];
  return (
    <Tooltip label={words}>
      <span className={classes.dot} data-connection={connection} role="img" aria-label={words} />
    </Tooltip>
  );
}

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Tooltip label={`Switch to ${other}`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        onClick={() => setColorScheme(other)}
        aria-label={`Switch to ${other}`}
      >
        {scheme === 'dark' ? <IconSun size={18} /> : <IconMoon size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}
