/** Tabs whose choice stands in the address. The first is what shows where the address says nothing. */
import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './parts.module.css';

interface Props<Tab extends string> {
  tabs: readonly Tab[];
  value: Tab | undefined;
  label(tab: Tab): ReactNode;
  /** Undefined: the first. */
  onChoose(tab: Tab | undefined): void;
  /** Tabs.Panel of each. */
  children: ReactNode;
}

export function PageTabs<Tab extends string>({
  tabs,
  value = tabs[0],
  label,
  onChoose,
  children,
}: Props<Tab>) {
  return (
    <Tabs
      value={value}
      keepMounted={false}
      mt="md"
      onChange={(next) => onChoose(tabs.find((known) => known === next && known !== tabs[0]))}
    >
      <Tabs.List mb="sm" className={classes.tabs}>
        {tabs.map((tab) => (
          <Tabs.Tab key={tab} value={tab}>
            {label(tab)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {children}
    </Tabs>
  );
}
