-- The role of programs that deploy and do nothing else. To a Podline before this one it is a role that may do nothing.
ALTER TABLE podline.user_grant DROP CONSTRAINT user_grant_role_check;
ALTER TABLE podline.user_grant ADD CONSTRAINT user_grant_role_check
  CHECK (role IN ('viewer', 'operator', 'deployer', 'editor', 'admin'));
