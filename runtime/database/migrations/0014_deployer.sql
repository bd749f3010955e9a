-- The role of programs that deploy and do nothing else. A webserver before this version, beside new ones during an upgrade,
-- does not know it: it lets it change nothing, and shows it the lists of its DAGs.
ALTER TABLE podline.user_grant DROP CONSTRAINT user_grant_role_check;
ALTER TABLE podline.user_grant ADD CONSTRAINT user_grant_role_check
  CHECK (role IN ('viewer', 'operator', 'deployer', 'editor', 'admin'));
