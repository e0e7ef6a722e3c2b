<?php
// php setup.php SITE BASE OUT: installs the site and writes two accounts with application passwords to OUT as JSON.
[$_, $site, $base, $out] = $argv;
define('WP_INSTALLING', true);
$address = parse_url($base);
$_SERVER += ['HTTP_HOST' => $address['host'] . ':' . $address['port'], 'REQUEST_URI' => '/', 'SERVER_PROTOCOL' => 'HTTP/1.1'];
function wp_new_blog_notification() {}
require "$site/wp-load.php";
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

wp_install('Portal', 'owner', 'owner@example.test', true, '', wp_slash(wp_generate_password(24, false)));
update_option('timezone_string', 'Asia/Ho_Chi_Minh');
switch_theme('twentytwentyone');
global $wp_rewrite;
$wp_rewrite->init();
$wp_rewrite->set_permalink_structure('/%year%/%monthnum%/%postname%/');
$wp_rewrite->flush_rules(false);

$accounts = [];
foreach (['scheduler' => 'editor', 'guest' => 'contributor'] as $login => $role) {
    $id = wp_insert_user([
        'user_login' => $login,
        'user_pass' => wp_generate_password(24, false),
        'user_email' => "$login@example.test",
        'role' => $role,
    ]);
    [$password] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'Loa']);
    $accounts[$login] = WP_Application_Passwords::chunk_password($password);
}
file_put_contents($out, json_encode(['version' => $GLOBALS['wp_version'], 'accounts' => $accounts]));
