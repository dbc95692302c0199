<?php
// As much of WordPress as the plugin asks for, and a page that shows its shortcode: `php -S HOST:PORT wordpress.php`.

$scripts = array();
$actions = array();
$shortcodes = array();

function add_action( $name, $callback ) {
	global $actions;
	$actions[ $name ][] = $callback;
}
function add_shortcode( $name, $callback ) {
	global $shortcodes;
	$shortcodes[ $name ] = $callback;
}
function wp_enqueue_script( $handle, $src = '', $deps = array(), $ver = false, $in_footer = false ) {
	global $scripts;
	$scripts[ $in_footer ? 'footer' : 'head' ][] = $src;
}
function wp_json_encode( $value ) {
	return json_encode( $value );
}
function rest_url( $path ) {
	return 'http://localhost:8000/wp-json/' . $path;
}
function esc_js( $text ) {
	return addslashes( $text );
}
function __( $text ) {
	return $text;
}
function get_option() {
	return 'local-dev';
}
function get_bloginfo() {
	return 'Helpdesk';
}
function is_front_page() {
	return true;
}
function print_scripts( $place ) {
	global $scripts;
	foreach ( $scripts[ $place ] ?? array() as $src ) {
		echo '<script src="' . htmlspecialchars( $src ) . '"></script>';
	}
}

require getcwd() . '/helpdesk.php';
foreach ( $actions['wp_enqueue_scripts'] ?? array() as $callback ) {
	$callback();
}
?>
<!doctype html>
<html>
	<head><title>Help</title><?php print_scripts( 'head' ); ?></head>
	<body><?php echo $shortcodes['helpdesk'](); ?><?php print_scripts( 'footer' ); ?></body>
</html>
